// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A Chromium that runs already, led through a replica's page by the DevTools protocol, with cookies of its own. Prints as one line of JSON
// what it saw.   node browser.js DEVTOOLS_URL PAGE_URL
"use strict";
const WebSocket = require("ws");

const [devTools, page] = process.argv.slice(2);
const socket = new WebSocket(devTools, { perMessageDeflate: false });
const waiting = new Map();
let calls = 0;
let session;
let loaded = () => {};

function call(method, params = {}) {
  const id = ++calls;
  socket.send(JSON.stringify({ id, method, params, sessionId: session }));
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject, method }));
}

socket.on("message", (data) => {
  const said = JSON.parse(data);
  if (said.method === "Page.loadEventFired") loaded();
  const call = waiting.get(said.id);
  waiting.delete(said.id);
  if (call) said.error ? call.reject(new Error(call.method + ": " + said.error.message)) : call.resolve(said.result);
});

const evaluate = async (expression) => (await call("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true })).result.value;
const text = (id) => evaluate(`document.getElementById("${id}").textContent`);

async function until(what, pattern, read) {
  const deadline = Date.now() + 20000;
  while (true) {
    const now = await read();
    if (pattern.test(now)) return now;
    if (Date.now() > deadline) throw new Error(`${what}: still ${now}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function load(go) {
  const done = new Promise((resolve) => (loaded = resolve));
  await go();
  await done;
  return text("name");
}

// Clicks as a person would, where the thing is, and waits until what is said there has changed.
async function click(what, says, pattern) {
  await evaluate(`document.getElementById("${says}").textContent = ""`);
  const at = await evaluate(`(() => { const box = document.querySelector("${what}").getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 }; })()`);
  for (const type of ["mousePressed", "mouseReleased"]) await call("Input.dispatchMouseEvent", { type, ...at, button: "left", clickCount: 1 });
  return until(what, pattern, () => text(says));
}

async function journey() {
  const { browserContextId } = await call("Target.createBrowserContext");
  const { targetId } = await call("Target.createTarget", { url: "about:blank", browserContextId, width: 800, height: 1000 });
  session = (await call("Target.attachToTarget", { targetId, flatten: true })).sessionId;
  await call("Page.enable");
  const saw = { names: [], again: [], cart: [] };
  saw.names.push(await load(() => call("Page.navigate", { url: page })));
  saw.sentAtFirst = await text("cookies");
  for (let count = 0; count < 5; ++count) saw.names.push(await load(() => call("Page.reload")));
  saw.title = await evaluate("document.title");
  saw.sent = await text("cookies");
  saw.jar = (await call("Network.getCookies")).cookies.map(({ name, httpOnly }) => ({ name, httpOnly }));
  for (let count = 0; count < 5; ++count) saw.again.push(await click("#again", "name", /./));
  saw.next = await text("next");
  saw.trail = await evaluate("document.getElementById('trail').children.length");
  await evaluate("document.getElementById('user').value = ''; document.getElementById('user').focus()");
  await call("Input.insertText", { text: "Ada" });
  saw.cart.push(await click("#login button", "cart-says", /./));
  saw.cart.push(await click("#add", "cart-says", /./));
  for (let count = 0; count < 3; ++count) saw.cart.push(await click("#cart", "cart-says", /./));
  saw.socket = await click("#open", "socket-says", /^Open to .*: message [0-9]+/);
  saw.closed = await click("#close", "socket-says", /Closed/);
  session = undefined;
  await call("Target.disposeBrowserContext", { browserContextId });
  return saw;
}

socket.on("open", async () => {
  try {
    console.log(JSON.stringify(await journey()));
  } catch (error) {
    console.log(JSON.stringify({ error: error.message }));
  }
  socket.close();
});
socket.on("error", (error) => console.log(JSON.stringify({ error: error.message })));
