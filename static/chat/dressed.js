// A stylesheet that comes with the first use of what it dresses: `data-css` of an element says where it is.

const coming = new Map()

export function dressed({ dataset: { css } }) {
  if (!coming.has(css)) coming.set(css, ask(css))
  return coming.get(css)
}

function ask(css) {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: css })
  return new Promise((resolve) => {
    link.onload = link.onerror = resolve
    document.head.append(link)
  })
}
