// A streaming client that keeps no cookies: run it twice, and it meets another replica.
// npm install ws && node client.mjs
import WebSocket from 'ws';

const socket = new WebSocket('ws://localhost:8000/streaming', { headers: { Authorization: 'secret' } });
socket.on('upgrade', (response) => console.log('the 101 sets', response.headers['set-cookie']));
socket.on('open', () => socket.send(JSON.stringify({ topic: 'my topic' })));
socket.on('message', (data) => {
  console.log(data.toString());
  setTimeout(() => socket.send(JSON.stringify({ topic: String(Date.now()) })), 500);
});
socket.on('close', (code, reason) => console.log('closed', code, reason.toString()));
