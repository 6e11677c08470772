import type { Texts } from "../texts";

/** Names, shapes and code are unchanged. */
const known: Texts["errors"]["known"] = [
  // Messages of the engine.
  [/^(\S+) is not defined\.?$/, "$1 未定义。"],
  [/^Cannot read properties of (undefined|null) \(reading '(.+)'\)\.?$/, "无法读取 $1 的属性 $2。"],
  [/^Cannot set properties of (undefined|null) \(setting '(.+)'\)\.?$/, "无法设置 $1 的属性 $2。"],
  [/^Cannot destructure (?:property '(.+)' of )?.*$/, "无法解构：没有 $1 这个值。"],
  [/^Cannot access '(.+)' before initialization\.?$/, "$1 在声明之前就被使用。"],
  [/^(.+) is not a function\.?$/, "$1 不是函数。"],
  [/^(.+) is not a constructor\.?$/, "$1 不是构造函数。"],
  [/^(.+) is not iterable\.?.*$/, "$1 不可迭代。"],
  [/^Assignment to constant variable\.?$/, "不能给常量重新赋值。"],
  [/^Identifier '(.+)' has already been declared\.?$/, "$1 已经声明过。"],
  [/^Unexpectedly reached the end of input\.?$/, "代码不完整：意外到达结尾。"],
  [/^Unexpected (?:token|identifier|string|number),? ?(.*)$/, "语法错误：此处不应出现 $1"],
  [/^Invalid or unexpected token\.?$/, "语法错误：无法识别的符号。"],
  [/^missing \) after argument list\.?$/, "参数列表后缺少 )。"],
  [/^Maximum call stack size exceeded\.?$/, "调用层数过多，可能是无限递归。"],
  [/^Invalid array length\.?$/, "数组长度无效。"],
  [/^Did you mean `(.+)`\?$/, "你是不是想写 `$1`？"],
  [/^Tensors have it as a method: `(.+)`\.$/, "它是张量的方法：`$1`。"],
  // Messages of the session.
  [/^Check failed: ([^]+)$/, "检查未通过：$1"],
  [/^Check failed\.$/, "检查未通过。"],
  [/^Stopped\. All values stay as they are\.$/, "已停止。所有值保持不变。"],
  [/^The session ended \(.+\)\.$/, "会话已结束。"],
  [/^Run the cell that creates it\.$/, "请先运行创建它的单元格。"],
  [/^A cell has no network: .+$/, "单元格无法访问网络：请把代码粘贴到单元格里。"],
  // The runtime's `expected` and `got`.
  [/^at most (\d+) bytes$/, "最多 $1 字节"],
  [/^(\d+) bytes$/, "$1 字节"],
  [/^a tensor$/, "张量"],
  [/^a number$/, "数字"],
  [/^a whole number$/, "整数"],
  [/^a shape$/, "形状"],
  [/^nothing$/, "空"],
  // The runtime's remedies.
  [/^Make the tensor smaller, or free others with (.+) or (.+)\.$/, "请缩小张量，或用 $1、$2 释放其他张量。"],
  [/^Add (.+) before it\.$/, "请在它前面加上 $1。"],
  [/^Use (\S+) or (\S+) to line the axes up\.$/, "请用 $1 或 $2 把各轴对齐。"],
  [/^Use (\S+) on one of them\.$/, "请对其中一个使用 $1。"],
  [/^Use (\S+) or (\S+)\.$/, "请用 $1 或 $2。"],
  [/^Use (\S+), (\S+) or (\S+)\.$/, "请用 $1、$2 或 $3。"],
  [/^Use (\S+) or (\S+) for several\.$/, "多个张量请用 $1 或 $2。"],
  [/^Use (\S+)\.$/, "请用 $1。"],
  [/^Use (.+) for grey images\.$/, "灰度图像请用 $1。"],
  [/^Pass \{ device: "(.+)" \} to the creators instead\.$/, '请改为向创建函数传入 { device: "$1" }。'],
  [/^Copy one of them first: (.+)\.$/, "请先复制其中一个：$1。"],
  [/^(\S+) falls back to the CPU by itself\.$/, "$1 会自动退回到 CPU。"],
  [/^Make this call after the outer one has ended\.$/, "请在外层调用结束之后再进行此调用。"],
  [/^Return it from the closure, or keep it with (.+)\.$/, "请从闭包中返回它，或用 $1 保留它。"],
  [/^Restart the session to open it again; the notebook is kept\.$/, "请重启会话以重新打开它；笔记本会保留。"],
  [/^Reduce the loss with (.+) or (.+)\.$/, "请用 $1 或 $2 把损失归约为标量。"],
  [/^Reduce it with (.+) or (.+)\.$/, "请用 $1 或 $2 归约它。"],
  [/^Pass the network's output for these images: (.+)\.$/, "请传入网络对这些图像的输出：$1。"],
  [/^Pass (.+)\.$/, "请传入 $1。"],
  [/^Move it between runs\.$/, "请在两次训练之间移动它。"],
  [/^Load it into a model of the same layers\. Nothing was changed\.$/, "请载入到层相同的模型中。没有任何改动。"],
  [/^Give one of them another name\.$/, "请给其中一个换个名称。"],
  [/^Convert it to F32.* in the program that wrote the file\.$/, "请在生成该文件的程序里把它转换为 F32。"],
  [/^Call the block once on an input instead\.$/, "请改为用一个输入调用该块一次。"],
  [/^Call its function: (.+)\.$/, "请调用它的函数：$1。"],
  [/^Call it once on an input, or (.+)\.$/, "请用一个输入调用它一次，或使用 $1。"],
  [/^Call it by itself on what (.+) gives\.$/, "请单独对 $1 的结果调用它。"],
  [
    /^The weights are as they were before that step\. A lower learning rate or clipNorm may help\.$/,
    "权重保持在这一步之前的状态。降低学习率或设置 clipNorm 可能有帮助。",
  ],
];

export const errors: Texts["errors"] = {
  sentence: (at, expected, got) => {
    const what = [expected && `期望 ${expected}`, got && `实际为 ${got}`].filter(Boolean).join("，");
    return `${[at, what].filter(Boolean).join("：")}。`;
  },
  known,
};
