import type { Texts } from "../texts";

export const history: Texts["history"] = {
  undo: (step) => (step === null ? "没有可撤销的操作" : `撤销：${step}`),
  redo: (step) => (step === null ? "没有可重做的操作" : `重做：${step}`),
  typing: "输入",
  title: "重命名笔记本",
  addCell: (kind) => `添加${kind}单元格`,
  removeCell: (kind) => `删除${kind}单元格`,
  moveCell: "移动单元格",
  data: "修改数据",
};
