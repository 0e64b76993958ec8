/** US dollars in cents; less than a cent with as many digits as show that it is not nothing. */
export function dollars(usd: number): string {
  if (usd > 0 && usd < 0.01) return `$${(Math.ceil(usd * 1e4) / 1e4).toFixed(4)}`;
  return `$${usd.toFixed(2)}`;
}
