/**
 * How long anything is waited for that has to come: longer than all tests together take on a busy machine. What is slow is then
 * not taken for what never comes, and what never comes still ends with a picture of what is there instead.
 */
export const patienceMs = 20 * 60_000;
