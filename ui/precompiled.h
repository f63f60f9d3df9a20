// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/snapshot.h"
#include "sim/precompiled.h"

#include <QLabel>
#include <QPainter>
#include <QString>
#include <QWidget>
