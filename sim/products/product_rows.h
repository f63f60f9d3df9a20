// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace stickyscope {

struct Product;

/// Each product's row, defined in its own file.
extern const Product traefik;
extern const Product haproxy;
extern const Product nginx;
extern const Product envoy;
extern const Product caddy;
extern const Product apache;
extern const Product ingressNginx;
extern const Product stickyModuleNg;
extern const Product istio;
extern const Product contour;
extern const Product kong;
extern const Product gatewayApi;
extern const Product awsAlb;
extern const Product awsAlbRule;
extern const Product awsClassic;
extern const Product azureApplicationGateway;
extern const Product azureAppService;
extern const Product cloudflare;
extern const Product gcp;
extern const Product gcpMesh;
extern const Product f5;
extern const Product kubernetesService;
extern const Product yarp;
extern const Product custom;
extern const Product plain;

} // namespace stickyscope
