/** What an account has booked at the provider. The ids are the choices of `/config plan`. */
export const planIds = ['pay-as-you-go', 'standard', 'premium'] as const;
export type PlanId = (typeof planIds)[number];

export interface Plan {
  readonly id: PlanId;
  /** For people: `Pay as you go`. */
  readonly label: string;
  /** How many requests of an account the provider queues, all calls together: one more is refused with a 429. */
  readonly slots: number;
}

export const plans: Readonly<Record<PlanId, Plan>> = {
  'pay-as-you-go': { id: 'pay-as-you-go', label: 'Pay as you go', slots: 5 },
  standard: { id: 'standard', label: 'Standard', slots: 10 },
  premium: { id: 'premium', label: 'Premium', slots: 15 },
};
