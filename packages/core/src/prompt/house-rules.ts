/** What every turn is told at its end: who does what in this place. */
export const houseRules =
  "Work in this folder only. Leave the changes in the working tree: they are committed, pushed and tested for you. Do not push, and do not weaken, skip or remove tests, checks or CI to make them pass: such changes are found and sent back. If you cannot go on, change nothing and say why.";
