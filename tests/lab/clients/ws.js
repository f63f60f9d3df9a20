// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Node's `ws` on one WebSocket: opens it, says what it is told to, closes it, and prints as one line of JSON what it met.
//   node ws.js URL '{"headers": {}, "say": [TEXT...], "size": OCTETS, "ping": TEXT, "close": [CODE, REASON]}'
"use strict";
const WebSocket = require("ws");

const [url, orders] = [process.argv[2], JSON.parse(process.argv[3])];
const met = { cookies: [], heard: [], binary: null, pong: null, closed: null, error: null };
const socket = new WebSocket(url, { headers: orders.headers });
const say = [...(orders.say || [])];

function next() {
  if (say.length > 0) return socket.send(say.shift());
  if (orders.size && met.binary === null) return socket.send(Buffer.alloc(orders.size, 7));
  if (orders.ping && met.pong === null) return socket.ping(orders.ping);
  return socket.close(...orders.close);
}

socket.on("upgrade", (response) => (met.cookies = response.headers["set-cookie"] || []));
socket.on("unexpected-response", (request, response) => {
  met.error = response.statusCode;
  request.destroy();
  console.log(JSON.stringify(met));
});
socket.on("open", next);
socket.on("message", (data, binary) => {
  if (binary) met.binary = data.equals(Buffer.alloc(data.length, 7)) ? data.length : -1;
  else met.heard.push(data.toString());
  next();
});
socket.on("pong", (data) => {
  met.pong = data.toString();
  next();
});
socket.on("error", (error) => (met.error = met.error || error.message));
socket.on("close", (code, reason) => {
  met.closed = [code, reason.toString()];
  console.log(JSON.stringify(met));
});
