import { expect, it } from 'vitest'
import { turn, visible, type Column } from './column'

const render = () => null
const columns: Column<object>[] = [
  { key: 'name', title: 'x', render, primary: true }, { key: 'state', title: 'x', render }, { key: 'row', title: 'x', render, hidden: true },
]
const keys = (shown?: string[]) => visible(columns, { shown }).map(c => c.key)

it('shows the defaults until someone chooses', () => expect(keys()).toEqual(['name', 'state']))
it('keeps the order and never loses the link', () => expect(keys(['row', 'state'])).toEqual(['name', 'state', 'row']))
it('sorts down, up, not', () => expect([turn(undefined, 'at'), turn('-at', 'at'), turn('at', 'at'), turn('-name', 'at')]).toEqual(['-at', 'at', '', '-at']))
