// The stylesheet of menu and dialog comes with their first use. `data-css` of the template says where it is.

let coming = null

export function dressed({ dataset: { css } }) {
  coming ??= new Promise((resolve) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: css })
    link.onload = link.onerror = resolve
    document.head.append(link)
  })
  return coming
}
