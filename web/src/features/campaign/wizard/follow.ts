/** pause is how long to wait before asking again how far a check is, in ms; a server that did not answer is asked more rarely. */
export function pause(checking: boolean, failed: boolean): number | false {
  return checking && (failed ? 5000 : 500)
}
