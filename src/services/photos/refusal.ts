/** This photo cannot be used. `reason` is the phrase that its verdict shows to people. */
export class PhotoRefusal extends Error {
  override readonly name = 'PhotoRefusal';
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(`Cannot use the photo: ${reason}`, options);
    this.reason = reason;
  }
}
