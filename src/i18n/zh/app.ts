import type { Texts } from "../texts";

export const app: Texts["app"] = {
  title: "笔记本标题",
  runAll: "全部运行",
  stop: "停止",
  restart: "重启会话",
  toolbar: "笔记本操作",
  more: "更多",
  language: "语言",
  theme: "主题",
  themes: { system: "跟随系统", light: "浅色", dark: "深色" },
  settings: "语言与主题",
  panes: { notebook: "笔记本", library: "课程", inspector: "检查器", files: "文件" },
  panesLabel: "面板",
  library: "资料库",
  sessionFailed: "会话未能启动，单元格无法运行。",
  sessionAgain: "重试",
  brokenTitle: "页面的这一部分出错了。",
  brokenText: "你的笔记本没有丢失。可以重新显示这一部分，或重新加载页面。",
  brokenAgain: "重新显示",
};
