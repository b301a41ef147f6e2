/** Mark is the sign of the product: a question's three bars and the two of its answer. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--primary)" />
      <g stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
        <path d="M8 14v4M12.7 10.5v11M17.3 7.5v17" />
        <path d="M22 12v8M26 14.6v2.8" strokeOpacity=".65" />
      </g>
    </svg>
  )
}
