import { Form, Input, InputNumber, Select, Switch } from 'antd'
import { cloneElement, isValidElement } from 'react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Field } from './field'

/** Fields lays a form's fields out: label above, help and error under. */
export function Fields<V extends object>({ fields }: { fields: readonly Field<V>[] }) {
  const { t } = useTranslation()
  const form = Form.useFormInstance<V>()
  const all = Form.useWatch([], form) as V | undefined
  return fields.filter(f => f.show?.(all ?? ({} as V)) ?? true).map(f => (
    <Form.Item key={f.name} name={f.name as never} label={t(f.label)} extra={f.help && t(f.help)} required={f.required} valuePropName={f.kind === 'switch' ? 'checked' : 'value'}
      rules={[{ validator: (_, value) => wrong(f, value, form.getFieldsValue(true) as V, t) }]}>
      <Control field={f} />
    </Form.Item>
  ))
}

function wrong<V>(f: Field<V>, value: unknown, all: V, t: TFunction): Promise<void> {
  const blank = value === undefined || value === null || (typeof value === 'string' && !value.trim()) || (Array.isArray(value) && !value.length)
  if (blank) return f.required ? Promise.reject(new Error(t('platform.required', { field: t(f.label) }))) : Promise.resolve()
  const key = f.check?.(value, all)
  return key ? Promise.reject(new Error(t(key))) : Promise.resolve()
}

// antd hands value, onChange and id to the one child of Form.Item.
function Control<V>({ field: f, ...given }: { field: Field<V> }) {
  const { t } = useTranslation()
  const placeholder = f.placeholder && t(f.placeholder)
  switch (f.kind) {
    case 'text': return <Input {...given} placeholder={placeholder} maxLength={f.max} autoComplete="off" />
    case 'password': return <Input.Password {...given} placeholder={placeholder} maxLength={f.max} autoComplete="new-password" />
    case 'textarea': return <Input.TextArea {...given} placeholder={placeholder} maxLength={f.max} autoSize={{ minRows: 3, maxRows: 10 }} showCount={!!f.max} />
    case 'number': return <InputNumber {...given} placeholder={placeholder} min={f.min} max={f.max} suffix={f.unit} style={{ width: '100%' }} />
    case 'choice': return <Select {...given} placeholder={placeholder} options={f.options} showSearch optionFilterProp="label" allowClear={!f.required} />
    case 'choices': return <Select {...given} mode="multiple" placeholder={placeholder} options={f.options} optionFilterProp="label" allowClear />
    case 'switch': return <Switch {...given} />
    case 'custom': return <Custom input={f.input} given={given} />
  }
}

function Custom({ input, given }: { input: React.ReactNode; given: object }) {
  return isValidElement<object>(input) ? cloneElement(input, given) : null
}
