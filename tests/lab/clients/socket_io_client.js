// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// socket.io-client: connects once, asks for the hostname so many times, and prints as one line of JSON what it met.
//   node socket_io_client.js URL '{"transports": [...], "asks": N, "namespace": "/", "cookies": true}'
"use strict";
const { io } = require("socket.io-client");

const [url, orders] = [process.argv[2], JSON.parse(process.argv[3])];
const met = { connected: false, began: null, ended: null, acknowledged: [], events: [], error: null };
// withCredentials: in Node, cookies that come are kept and sent.
const socket = io(url + (orders.namespace || "/"), {
  transports: orders.transports || ["polling", "websocket"], reconnection: false, withCredentials: orders.cookies, timeout: 20000, ackTimeout: 20000,
});
const engine = socket.io.engine;

function end() {
  socket.disconnect();
  console.log(JSON.stringify(met));
}

engine.once("open", () => (met.began = engine.transport.name));
// Once the upgrade has been tried: what is asked then takes the last transport.
const settled = new Promise((resolve) => {
  if ((orders.transports || []).length === 1) return socket.on("connect", resolve);
  engine.once("upgrade", resolve);
  engine.once("upgradeError", resolve);
});
socket.on("hostname", (name) => met.events.push(name));
socket.on("connect", async () => {
  met.connected = true;
  try {
    for (let count = 0; count < orders.asks; ++count) {
      if (count === 1) await settled;
      met.acknowledged.push(await socket.emitWithAck("hostname"));
    }
  } catch (error) {
    met.error = { message: error.message };
  }
  met.ended = engine.transport.name;
  end();
});
socket.on("connect_error", (error) => {
  met.error = { message: error.message, status: error.description, body: error.context && error.context.responseText };
  end();
});
socket.on("disconnect", (reason) => {
  if (reason !== "io client disconnect") met.error = { message: reason };
});
