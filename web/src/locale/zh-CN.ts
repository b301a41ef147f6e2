import { bundle } from './bundle'

export const words = bundle(import.meta.glob('../**/zh-CN.json', { eager: true, import: 'default' }))
