// The field grows with what is written, in browsers whose CSS cannot do it (`field-sizing`). Loaded by those alone.

export function install({ composer }) {
  composer.grow = () => {
    const { input } = composer
    input.style.height = "auto"
    input.style.height = `${input.scrollHeight + input.offsetHeight - input.clientHeight}px`
  }
  composer.grow()
}
