import type { Message } from "carbonbook/jupyter";
import { dropdown, slider } from "carbonbook/kernel";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, type Session, startSession } from "../kernel/session.js";

let session: Session;
beforeAll(async () => {
  session = await startSession();
  await session.run(
    `import { display, explore, slider, dropdown, mime } from "carbonbook/kernel";`,
  );
});
afterAll(() => session.stop());

const ATTENDED = { allow_stdin: true };
const SLIDER = `slider({ label: "Speed", units: "m/d", min: 10, max: 90, step: 10, value: 50, frames: [10, 50, 90] })`;

/** The comms that an answer opened, by the name of their model. */
function opened(outputs: readonly Message[]): Map<string, { id: string; data: State }> {
  const comms = outputs.filter(({ header }) => header.msg_type === "comm_open");
  return new Map(
    comms.map(({ content }) => {
      const data = content.data as State;
      return [String(data.state._model_name), { id: String(content.comm_id), data }];
    }),
  );
}

interface State extends Record<string, unknown> {
  readonly state: Record<string, unknown>;
}

function shown({ outputs }: Answer): Record<string, unknown>[] {
  return outputs
    .filter(({ header }) => header.msg_type === "display_data")
    .map(({ content }) => content.data as Record<string, unknown>);
}

describe("with a reader", () => {
  test("a slider opens a model that every ipywidgets knows, shows its view, and draws once", async () => {
    const answer = await session.run(
      `await explore({ speed: ${SLIDER} }, ({ speed }) => "drawn at " + speed)`,
      ATTENDED,
    );
    const { id, data } = opened(answer.outputs).get("IntSliderModel")!;
    const own = { min: 10, max: 90, step: 10, value: 50, description: "Speed [m/d]" };
    expect(data.state).toMatchObject({
      ...own,
      _model_module: "@jupyter-widgets/controls",
      _model_module_version: "^1.5.0 || ^2.0.0",
      continuous_update: false,
    });
    expect(data).toMatchObject({ ...own, _model_module: "jupyter-js-widgets" }); // ipywidgets 6
    const [view, figure] = shown(answer);
    expect(view).toMatchObject({
      "application/vnd.jupyter.widget-view+json": { version_major: 2, model_id: id },
    });
    expect(figure).toEqual({ "text/plain": "'drawn at 50'" });
  });

  test.each([
    { page: "7 and 8", sent: { method: "update", state: { value: 70 } } },
    { page: "6", sent: { method: "backbone", sync_data: { value: 70 } } },
  ])("a move on the page of ipywidgets $page redraws in place", async ({ sent }) => {
    const answer = await session.run(
      `await explore({ speed: ${SLIDER} }, ({ speed }) => speed * 2)`,
      ATTENDED,
    );
    const { id } = opened(answer.outputs).get("IntSliderModel")!;
    const place = answer.outputs.findLast(({ header }) => header.msg_type === "display_data")!;
    const led = await session.tell("comm_msg", { comm_id: id, data: sent });
    expect(led.map(({ header }) => header.msg_type)).toEqual(["update_display_data"]);
    expect(led[0]!.content.transient).toEqual(place.content.transient);
    expect(led[0]!.content.data).toEqual({ "text/plain": "140" });
    const again = await session.tell("comm_msg", { comm_id: id, data: sent });
    expect(again).toEqual([]); // the value is the same
  });

  test("two controls keep each other's value, an error is shown and can be left", async () => {
    const answer = await session.run(
      `await explore(
         { n: slider({ label: "n", min: 0, max: 1, step: 0.25 }), of: dropdown({ label: "of", choices: ["a", "b"] }) },
         ({ n, of }) => { if (n > 0.8) throw new Error("too much"); return of + n; })`,
      ATTENDED,
    );
    const comms = opened(answer.outputs);
    const tell = async (model: string, state: object) => {
      const led = await session.tell("comm_msg", {
        comm_id: comms.get(model)!.id,
        data: { method: "update", state },
      });
      return led.map(({ content }) => content.data ?? content.evalue);
    };
    expect(await tell("DropdownModel", { index: 1 })).toEqual([{ "text/plain": "'b0'" }]);
    expect(await tell("FloatSliderModel", { value: 0.5 })).toEqual([{ "text/plain": "'b0.5'" }]);
    const failed = await tell("FloatSliderModel", { value: 1 });
    expect(failed).toEqual([{ "text/plain": "Error: too much" }, "too much"]);
    expect(await tell("FloatSliderModel", { value: 0.25 })).toEqual([{ "text/plain": "'b0.25'" }]);
  });

  test("open comms are listed, and answer for their state to a page that is loaded anew", async () => {
    const { reply } = await session.ask("comm_info_request", { target_name: "jupyter.widget" });
    const ids = Object.keys(reply.comms as object);
    expect(ids.length).toBeGreaterThan(2);
    const states = await Promise.all(
      ids.map((comm_id) =>
        session.tell("comm_msg", { comm_id, data: { method: "request_state" } }),
      ),
    );
    const names = states.map(([message]) => {
      const { state } = message!.content.data as State;
      return state._model_name;
    });
    expect(names).toContain("IntSliderModel");
  });

  test("a comm that nobody here knows is closed", async () => {
    const opening = { comm_id: "x", target_name: "unheard.of", data: {} };
    const [answer] = await session.tell("comm_open", opening);
    expect(answer!.header.msg_type).toBe("comm_close");
  });

  test("a redraw that takes long is interrupted, and the next one works", async () => {
    const answer = await session.run(
      `await explore({ s: ${SLIDER} }, async ({ s }) => { while (s === 60) await new Promise(setImmediate); return s; })`,
      ATTENDED,
    );
    const { id } = opened(answer.outputs).get("IntSliderModel")!;
    const move = (value: number) =>
      session.tell("comm_msg", { comm_id: id, data: { method: "update", state: { value } } });
    const stuck = move(60);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await session.control("interrupt_request");
    const led = await stuck;
    expect(led.at(-1)!.content.ename).toBe("KeyboardInterrupt");
    expect((await move(70)).at(-1)!.content.data).toEqual({ "text/plain": "70" });
  });
});

describe("without a reader", () => {
  const picture = `mime({ "image/png": "iVBORw0KGgo=" + speed, "text/plain": "p" })`;

  test("frames are drawn beforehand and put behind a slider", async () => {
    const answer = await session.run(
      `await explore({ speed: ${SLIDER} }, ({ speed }) => ${picture})`,
      { allow_stdin: false },
    );
    expect(answer.outputs.map(({ header }) => header.msg_type)).toEqual(["display_data"]);
    const [data] = shown(answer);
    const frames = data!["application/vnd.carbonbook.frames+json"] as { frames: object[] };
    expect(frames).toMatchObject({
      title: "Speed",
      chosen: 1,
      frames: [{ label: "10 m/d" }, { label: "50 m/d" }, { label: "90 m/d" }],
    });
    expect(data!["text/html"]).toContain('<input type="range" min="0" max="2"');
    expect(data!["image/png"]).toBe("iVBORw0KGgo=50");
  });

  test("without frames, or of what is no picture, the first value is drawn", async () => {
    const one = await session.run(
      `await explore({ n: slider({ label: "n", min: 1, max: 3 }) }, ({ n }) => n)`,
    );
    expect(shown(one)).toEqual([{ "text/plain": "1" }]);
    const text = await session.run(`await explore({ speed: ${SLIDER} }, ({ speed }) => speed)`);
    expect(shown(text)).toEqual([{ "text/plain": "50" }]);
  });

  test("outside of a kernel the value is printed", () => {
    expect(slider({ label: "n", min: 0, max: 2, value: 1 }).format(1)).toBe("1");
  });
});

test.each([
  { make: () => slider({ label: "x", min: 1, max: 1 }), says: "min ≤ value ≤ max" },
  { make: () => slider({ label: "x", min: 1, max: 2, value: 3 }), says: "value 3" },
  { make: () => dropdown({ label: "x", choices: [] }), says: "at least one choice" },
])("a control that cannot be is refused: $says", ({ make, says }) => {
  expect(make).toThrow(says);
});
