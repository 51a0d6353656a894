// socket.io with its Redis adapter: one room, each message broadcast to all, nothing stored.

import { createAdapter } from "@socket.io/redis-adapter"
import { createServer } from "node:http"
import { createClient } from "redis"
import { Server } from "socket.io"

const publisher = createClient({ url: process.env.REDIS_URL })
const subscriber = publisher.duplicate()
await Promise.all([publisher.connect(), subscriber.connect()])

const http = createServer((request, response) => response.end("ok"))
const io = new Server(http, { adapter: createAdapter(publisher, subscriber), perMessageDeflate: false })
io.on("connection", (socket) => {
  socket.join("room")
  socket.on("message", (message) => io.to("room").emit("message", { message }))
})
http.listen(Number(process.env.PORT), "127.0.0.1")
