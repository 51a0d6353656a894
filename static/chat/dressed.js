// A stylesheet that comes with the first use of what it is for. `data-css` of the element says where it is.

const coming = new Map()

export function dressed({ dataset: { css } }) {
  if (!coming.has(css)) coming.set(css, load(css))
  return coming.get(css)
}

function load(href) {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href })
  return new Promise((resolve) => {
    link.onload = link.onerror = resolve
    document.head.append(link)
  })
}
