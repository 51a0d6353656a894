// The autofocus attribute waits for the first painting; who types at once would lose a letter.
document.getElementById("room-name-input").focus()
