// The colours of the console, once: antd's tokens, our CSS variables and the charts read them from here.

export interface Tokens {
  bg: string; panel: string; raised: string; hover: string; line: string; lineStrong: string
  text: string; text2: string; text3: string
  primary: string; primaryHover: string; accent: string; accentSoft: string
  blue: string; blueSoft: string; amber: string; amberSoft: string; green: string; greenSoft: string
  red: string; redSoft: string; grey: string; greySoft: string; danger: string
  callee: string; robot: string
}

export const light: Tokens = {
  bg: '#F7F8FA', panel: '#FFFFFF', raised: '#FFFFFF', hover: '#F1F3F6', line: '#E7E9EE', lineStrong: '#CDD2DB',
  text: '#1A1F29', text2: '#4D5563', text3: '#667080',
  primary: '#3355DD', primaryHover: '#2744BD', accent: '#3355DD', accentSoft: '#F2F5FF',
  blue: '#1F55C9', blueSoft: '#EAF1FE', amber: '#8A5300', amberSoft: '#FDF3E0', green: '#17693F', greenSoft: '#E6F5EC',
  red: '#A92A20', redSoft: '#FDEDEB', grey: '#565E6C', greySoft: '#F0F2F5', danger: '#C0362C',
  callee: '#12805C', robot: '#3355DD',
}

export const dark: Tokens = {
  bg: '#0E1014', panel: '#15181E', raised: '#1C2027', hover: '#1F242C', line: '#282D36', lineStrong: '#3D4452',
  text: '#E9EBF0', text2: '#AEB5C1', text3: '#8D95A4',
  primary: '#4763E4', primaryHover: '#506AE9', accent: '#93A8FF', accentSoft: '#1D2547',
  blue: '#8FB4FF', blueSoft: '#182643', amber: '#F0BC6A', amberSoft: '#33270F', green: '#74D3A3', greenSoft: '#12301F',
  red: '#FF9C92', redSoft: '#3B1B18', grey: '#AEB5C1', greySoft: '#23272F', danger: '#C9473D',
  callee: '#4FC79A', robot: '#93A8FF',
}

/** gradeColor is the ground of a grade's letter, which is always white: readable in both themes. */
export const gradeColor = { A: '#12805C', B: '#2F6FED', C: '#8A6D1D', D: '#B3261E', E: '#8E5BC0', F: '#6B7280' } as const

/** contrast is the WCAG ratio of two #RRGGBB colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (hi + 0.05) / (lo + 0.05)
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16) / 255)
    .map(v => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
