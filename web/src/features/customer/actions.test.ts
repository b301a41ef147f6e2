import { expect, it } from 'vitest'
import type { Customer } from '@/platform/types'
import { actionsOf, bulkOf, type Open } from './actions'

const wang = { id: '1', name: '王芳', number: '138 **** 0001', owner: null } as unknown as Customer

it.each(['edit', 'assign'] as const)('%s of one customer is done when its drawer is open: the button must not wait for it', name => {
  const shown: Open[] = []
  const action = actionsOf(o => shown.push(o)).find(a => a.name === name)!
  const drawer = action.run(wang)
  expect(shown).toMatchObject([{ what: name, rows: [wang] }])
  expect(drawer).not.toBeInstanceOf(Promise)
})

it('assigning many is done when the choice was made', async () => {
  let made = () => {}
  const run = bulkOf(o => { made = o.done })[0]!.run([wang])
  made()
  await expect(run).resolves.toBeUndefined()
})

it('asks for the name before a customer is deleted', () => {
  expect(actionsOf(() => {}).find(a => a.name === 'delete')!.confirm!(wang).type).toBe('王芳')
})
