/** Plans: what compiled steps run. */
export const plans = {
  section: "Shaders",
  dialog: "What this cell's compiled steps run",
  intro:
    "A step is recorded once, joined into few dispatches and replayed. Each dispatch is one compute shader on the GPU, one function on the CPU.",
  none: "No compiled step has used this block yet. Train it or call it in compileFunction(), then look again: on a GPU a step is compiled when it runs a second time.",
  noneLeft: "The session has dropped these plans for newer ones. Run the cell again.",
  loading: "Asking the session…",
  failed: "The session could not do this:",
  plan: (closure: string, device: string) => `${closure} on ${device}`,
  steps: (steps: string) => (steps === "1" ? "ran once" : `ran ${steps} times`),
  dispatches: (count: string) => (count === "1" ? "1 dispatch a step" : `${count} dispatches a step`),
  own: (own: string, all: string) => `${own} of ${all} dispatches use this block`,
  freed: "its memory is freed: to be read, not tried",
  list: (closure: string) => `Dispatches of ${closure}`,
  position: (index: string) => `Dispatch ${index}`,
  forward: (owner: string) => owner,
  gradient: (owner: string) => `gradient of ${owner}`,
  update: (owner: string) => `update of ${owner}`,
  others: "outside of blocks",
  othersGradient: "gradient outside of blocks",
  copies: "copies",
  more: (count: string) => `and ${count} more`,
  computes: "Computes",
  workgroups: "Workgroups",
  folded: (x: string, y: string) => `${x} × ${y}`,
  noWorkgroups: "none: loops on the processor",
  language: "Language",
  languages: { wgsl: "WGSL", javascript: "JavaScript", webassembly: "WebAssembly" },
  text: (language: string) => `Text of this dispatch in ${language}`,
  copy: "Copy the text",
  copied: "Copied",
  measure: "Measure time",
  measuring: "Measuring…",
  time: (time: string) => `${time} a run`,
  methods: {
    timestamps: (runs: string) => `by the GPU's own clock, ${inARow(runs)}`,
    queue: (runs: string) => `from submit to done, less that of an empty pass, ${inARow(runs)}`,
    clock: (runs: string) => `by the processor's clock, ${inARow(runs)}`,
  },
  check: "Check against the CPU",
  checking: "Comparing…",
  against: {
    "CPU float32": "the CPU, from the same inputs",
    "CPU float64": "the CPU in float64, from the same inputs",
  },
  verdicts: {
    same: (all: string, against: string) => `All ${all} results are those of ${against}.`,
    close: (equal: string, all: string, against: string) =>
      `${equal} of ${all} results are those of ${against}; the others differ by rounding.`,
    different: (equal: string, all: string, against: string) =>
      `Only ${equal} of ${all} results are those of ${against}; others differ by more than rounding.`,
  },
  largestUlp: "Largest in ulp",
  largestAbsolute: "Largest in value",
  ulp: (count: string) => `${count} ulp`,
  where: (op: string, shape: string, index: string) => `in ${op} ${shape} at ${index}`,
  instead: (actual: string, expected: string) => `${actual} where the CPU has ${expected}`,
  cancels:
    "An ulp is one step from a float32 to the next. A sum that nearly cancels is many ulp off, though its value is close.",
  ran: (steps: string, closures: string) => `Compiled: ${closures}, ${steps} steps`,
  ranOne: (closures: string) => `Compiled: ${closures}, 1 step`,
  show: "Show shaders",
  split: (closure: string, parts: string) => `A value is read inside ${closure}: its step runs in ${parts} parts.`,
  splitLine: (line: string) => `Line ${line}`,
  splitRemedy:
    "Each part waits for the one before. Return the tensor and read it after the call, or choose between values with where(): then the step is one plan.",
};

function inARow(runs: string): string {
  return runs === "1"
    ? "one run on copies, the fastest of several"
    : `${runs} runs in a row on copies, the fastest of several`;
}
