/** Plans: the dispatches of compiled steps. */
export const plans = {
  section: "Shaders",
  dialog: "Shaders of this cell's compiled steps",
  intro:
    "A step is recorded once, fused into a few dispatches and replayed. Each dispatch is one compute shader on the GPU or one function on the CPU.",
  none: "No compiled step has used this block yet. Train it or call it in compileFunction(), then look again. On a GPU, a step is compiled when it runs for the second time.",
  noneLeft: "These plans have been replaced by newer ones. Run the cell again.",
  loading: "Loading…",
  failed: "The session reported an error:",
  plan: (closure: string, device: string) => `${closure} on ${device}`,
  steps: (steps: string) => (steps === "1" ? "ran once" : `ran ${steps} times`),
  dispatches: (count: string) => (count === "1" ? "1 dispatch per step" : `${count} dispatches per step`),
  own: (own: string, all: string) => `${own} of ${all} dispatches use this block`,
  freed: "memory freed: cannot be run",
  list: (closure: string) => `Dispatches of ${closure}`,
  position: (index: string) => `Dispatch ${index}`,
  forward: (owner: string) => owner,
  gradient: (owner: string) => `gradient of ${owner}`,
  update: (owner: string) => `update of ${owner}`,
  others: "outside blocks",
  othersGradient: "gradient outside blocks",
  copies: "copies",
  more: (count: string) => `and ${count} more`,
  computes: "Computes",
  workgroups: "Workgroups",
  folded: (x: string, y: string) => `${x} × ${y}`,
  noWorkgroups: "none: a loop on the CPU",
  language: "Language",
  languages: { wgsl: "WGSL", javascript: "JavaScript", webassembly: "WebAssembly" },
  text: (language: string) => `${language} code of this dispatch`,
  copy: "Copy code",
  copied: "Copied",
  measure: "Measure time",
  measuring: "Measuring…",
  time: (time: string) => `${time} per run`,
  methods: {
    timestamps: (runs: string) => `GPU timestamps, ${inARow(runs)}`,
    queue: (runs: string) => `submit to completion minus an empty pass, ${inARow(runs)}`,
    clock: (runs: string) => `CPU clock, ${inARow(runs)}`,
  },
  check: "Check against the CPU",
  checking: "Comparing…",
  against: {
    "CPU float32": "the CPU",
    "CPU float64": "the CPU in float64",
  },
  verdicts: {
    same: (all: string, against: string) => `With the same inputs, all ${all} results match ${against}.`,
    close: (equal: string, all: string, against: string) =>
      `With the same inputs, ${equal} of ${all} results match ${against}; the rest differ only by rounding.`,
    different: (equal: string, all: string, against: string) =>
      `With the same inputs, only ${equal} of ${all} results match ${against}; the rest differ by more than rounding.`,
  },
  largestUlp: "Largest ulp difference",
  largestAbsolute: "Largest difference",
  ulp: (count: string) => `${count} ulp`,
  where: (op: string, shape: string, index: string) => `in ${op} ${shape} at ${index}`,
  instead: (actual: string, expected: string) => `${actual} instead of ${expected}`,
  cancels:
    "One ulp is the gap between adjacent float32 values. A sum that nearly cancels can be off by many ulps although its value is close.",
  ran: (steps: string, closures: string) => `Compiled: ${closures}, ${steps} steps`,
  ranOne: (closures: string) => `Compiled: ${closures}, 1 step`,
  show: "Show shaders",
  split: (closure: string, parts: string) =>
    `A value is read inside ${closure}, which splits its step into ${parts} parts.`,
  splitLine: (line: string) => `Line ${line}`,
  splitRemedy:
    "Each part waits for the previous one. Return the tensor and read it after the call, or select values with where(), to keep the step in one plan.",
};

function inARow(runs: string): string {
  return runs === "1" ? "one run on copies, fastest of several" : `${runs} runs in a row on copies, fastest of several`;
}
