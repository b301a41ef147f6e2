const mac = /Mac|iPhone|iPad/.test(navigator.platform)

/** shortcut is how this machine writes the key that opens the palette. */
export const shortcut = mac ? '⌘ K' : 'Ctrl K'
