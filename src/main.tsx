import "./session/trustedTypes";
import "./ui/styles/base.css";
import "./ui/styles/tokens.css";
import { boot } from "./ui/boot";

void boot(document.getElementById("root")!);
