/** Describes a case in one line, with the command that runs it alone. */
import type { SessionAction, Case, LayerPlan } from "./casePlans";

function layer({ kind, args, of }: LayerPlan): string {
  const inner = of ? of.map(layer) : args.map((arg) => JSON.stringify(arg));
  return `${kind}(${inner.join(", ")})`;
}

function action({ do: name, ...rest }: SessionAction): string {
  const options = Object.entries(rest).filter(([, value]) => value !== 0 && value !== false && value !== "none");
  return options.length > 0 ? `${name} ${JSON.stringify(Object.fromEntries(options))}` : name;
}

export function describeCase({ seed, family, model, rows, loss, optimizer, actions, fate, later }: Case): string {
  const told = [
    `seed ${seed} (${family})`,
    `input [${rows}, ${model.input.join(", ")}]${model.vocabulary ? ` below ${model.vocabulary}` : ""}`,
    model.layers.map(layer).join(" > "),
    `${loss.kind} ${JSON.stringify(loss.options)}`,
    `${optimizer.kind} ${JSON.stringify({ ...optimizer.options, ...(optimizer.schedule && { schedule: optimizer.schedule }) })}`,
    `${actions.map(action).join(", ")}; then ${fate}${later.length > 0 ? `: ${later.map(action).join(", ")}` : ""}`,
  ];
  return `${told.join(" | ")}\n  alone: node scripts/livingSession.mjs --from ${seed} --count 1`;
}
