import type { Texts } from "../texts";

export const plans: Texts["plans"] = {
  section: "着色器",
  dialog: "这个单元的编译步骤运行了什么",
  intro:
    "一个训练步只记录一次，合并成少数几次调度，之后反复重放。每次调度在 GPU 上是一个计算着色器，在 CPU 上是一个函数。",
  none: "还没有编译过的步骤用到这个块。先训练它，或在 compileFunction() 里调用它，再回来查看：在 GPU 上，一个步骤第二次运行时才编译。",
  noneLeft: "这些计划已被更新的计划取代。请重新运行这个单元。",
  loading: "正在询问会话……",
  failed: "会话无法完成：",
  plan: (closure, device) => `${closure}，${device}`,
  steps: (steps) => `已运行 ${steps} 次`,
  dispatches: (count) => `每步 ${count} 次调度`,
  own: (own, all) => `${all} 次调度中有 ${own} 次用到这个块`,
  freed: "内存已释放：只能查看，不能试运行",
  list: (closure) => `${closure} 的调度`,
  position: (index) => `第 ${index} 次调度`,
  forward: (owner) => owner,
  gradient: (owner) => `${owner} 的梯度`,
  update: (owner) => `更新 ${owner}`,
  others: "块以外的运算",
  othersGradient: "块以外的梯度",
  copies: "复制",
  more: (count) => `另有 ${count} 项`,
  computes: "计算内容",
  workgroups: "工作组",
  folded: (x, y) => `${x} × ${y}`,
  noWorkgroups: "无：处理器上的循环",
  language: "语言",
  languages: { wgsl: "WGSL", javascript: "JavaScript", webassembly: "WebAssembly" },
  text: (language) => `这次调度的 ${language} 代码`,
  copy: "复制代码",
  copied: "已复制",
  measure: "测量用时",
  measuring: "正在测量……",
  time: (time) => `每次运行 ${time}`,
  methods: {
    timestamps: (runs) => `由 GPU 自身的时钟测得，${inARow(runs)}`,
    queue: (runs) => `从提交到完成，减去空通道的用时，${inARow(runs)}`,
    clock: (runs) => `由处理器的时钟测得，${inARow(runs)}`,
  },
  check: "与 CPU 对照",
  checking: "正在对照……",
  against: {
    "CPU float32": "CPU",
    "CPU float64": "CPU 的 float64",
  },
  verdicts: {
    same: (all, against) => `输入相同时，全部 ${all} 个结果都与${spaced(against)}一致。`,
    close: (equal, all, against) =>
      `输入相同时，${all} 个结果中有 ${equal} 个与${spaced(against)}一致，其余只差舍入误差。`,
    different: (equal, all, against) =>
      `输入相同时，${all} 个结果中只有 ${equal} 个与${spaced(against)}一致，其余的差别超出舍入误差。`,
  },
  largestUlp: "按 ulp 最大的差",
  largestAbsolute: "按数值最大的差",
  ulp: (count) => `${count} ulp`,
  where: (op, shape, index) => `位于 ${op} ${shape} 的 ${index}`,
  instead: (actual, expected) => `得到 ${actual}，CPU 为 ${expected}`,
  cancels: "1 ulp 是相邻两个 float32 之间的距离。几乎相互抵消的和，以 ulp 计会差很多，数值却很接近。",
  ran: (steps, closures) => `已编译：${closures}，共 ${steps} 步`,
  ranOne: (closures) => `已编译：${closures}，共 1 步`,
  show: "查看着色器",
  split: (closure, parts) => `${closure} 内部读取了一个值：这一步被拆成 ${parts} 段运行。`,
  splitLine: (line) => `第 ${line} 行`,
  splitRemedy:
    "后一段要等前一段算完。请返回张量，在调用之后再读取；或用 where() 在数值之间选择：这样整步就是一个计划。",
};

function spaced(name: string): string {
  return ` ${name} `;
}

function inARow(runs: string): string {
  return runs === "1" ? "在副本上单次运行，多次测量取最小值" : `在副本上连续运行 ${runs} 次，多次测量取最小值`;
}
