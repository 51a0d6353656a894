// Bare ws: each message written to every socket of the process, nothing else.

import { createServer } from "node:http"
import { WebSocketServer } from "ws"

const http = createServer((request, response) => response.end("ok"))
const server = new WebSocketServer({ server: http, perMessageDeflate: false })
server.on("connection", (socket) => {
  socket.on("message", (data) => {
    for (const client of server.clients) client.send(data, { binary: false })
  })
})
http.listen(Number(process.env.PORT), "127.0.0.1")
