// One's other tabs: a new name is known in all of them.

export function install({ you, on, become, emit, connection }) {
  const channel = new BroadcastChannel("chat")
  let known = you.name

  on("hello", ({ you: { id, name } }) => {
    if (name === known) return
    known = name
    channel.postMessage({ id, name })
  })
  channel.addEventListener("message", ({ data: { id, name } }) => {
    if (id !== you.id || name === known) return
    known = name
    become({ name })
    emit({ type: "hello", you })
    connection.again() // the server asks for the name when a line begins
  })
}
