import { useRouteError } from 'react-router'
import { Failure } from '@/platform/Errors'

/** Broken stands where a page's own code could not be loaded or failed while drawing. */
export function Broken() {
  return <Failure error={useRouteError()} retry={() => location.reload()} />
}
