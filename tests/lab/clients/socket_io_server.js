// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A real Socket.IO server with its sessions in its own memory: says where it listens, and tells its name to whoever asks.
//   node socket_io_server.js NAME
"use strict";
const http = require("node:http");
const { Server } = require("socket.io");

const name = process.argv[2];
const server = http.createServer((request, response) => response.end(JSON.stringify({ hostname: name }) + "\n"));
const io = new Server(server);
io.on("connection", (socket) => {
  socket.on("hostname", (acknowledge) => {
    socket.emit("hostname", name);
    acknowledge(name);
  });
});
server.listen(0, "127.0.0.1", () => console.log(`${name} listens on http://127.0.0.1:${server.address().port}`));
