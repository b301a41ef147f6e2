import { describe, expect, it } from 'vitest'
import { contrast, dark, gradeColor, light, type Tokens } from './tokens'

const AA = 4.5

describe.each([['light', light], ['dark', dark]] as [string, Tokens][])('%s theme', (_, t) => {
  it.each(['text', 'text2', 'text3', 'accent'] as const)('%s is readable on every ground', ink => {
    for (const ground of [t.bg, t.panel, t.raised, t.hover]) expect(contrast(t[ink], ground), ground).toBeGreaterThanOrEqual(AA)
  })
  it.each([['blue', 'blueSoft'], ['amber', 'amberSoft'], ['green', 'greenSoft'], ['red', 'redSoft'], ['grey', 'greySoft'], ['accent', 'accentSoft']] as const)('%s on %s', (ink, ground) => {
    expect(contrast(t[ink], t[ground])).toBeGreaterThanOrEqual(AA)
  })
  it('white on a filled button', () => {
    for (const ground of [t.primary, t.danger]) expect(contrast('#FFFFFF', ground)).toBeGreaterThanOrEqual(AA)
  })
  it('waveforms are told from their ground', () => {
    for (const ink of [t.callee, t.robot]) expect(contrast(ink, t.panel)).toBeGreaterThanOrEqual(3)
  })
})

it.each(Object.entries(gradeColor))('grade %s carries a white letter', (_, ground) => {
  expect(contrast('#FFFFFF', ground)).toBeGreaterThanOrEqual(AA)
})
