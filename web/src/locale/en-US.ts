import { bundle } from './bundle'

export const words = bundle(import.meta.glob('../**/en-US.json', { eager: true, import: 'default' }))
