/** exp(loss): between how many equally likely symbols a model with this mean loss in nats wavers. */
export function perplexityOf(meanLoss: number): number {
  return Math.exp(meanLoss);
}

/** A mean loss in nats as bits per target. */
export function bitsOf(meanLoss: number): number {
  return meanLoss / Math.LN2;
}
