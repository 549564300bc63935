/** The layers a network is described with: plain data, no behaviour. */

/** A size in both directions of an image, or one for each: [height, width]. */
export type Extent = number | readonly [height: number, width: number];

/** What every layer may say. */
interface Named {
  /** name of the layer; by default its type and number, such as `conv3` */
  readonly name?: string;
  /** the layer or network input it takes; by default the layer before (the first input at first) */
  readonly from?: string;
}

/** The same, for layers that join several. */
interface Joining {
  readonly name?: string;
  readonly from: readonly string[];
}

/** A layer that slides a window. */
interface Sliding extends Named {
  readonly kernel: Extent;
  readonly stride?: Extent;
  readonly padding?: Extent;
}

/** One layer of a network. Channels and features come from the layer it takes. */
export type Layer =
  | (Sliding & {
      readonly type: "conv";
      readonly filters: number;
      readonly dilation?: Extent;
      /** on by default */
      readonly bias?: boolean;
    })
  | (Sliding & {
      readonly type: "convTranspose";
      readonly filters: number;
      readonly bias?: boolean;
    })
  | (Named & {
      readonly type: "dense";
      readonly units: number;
      readonly bias?: boolean;
    })
  | (Named & {
      readonly type: "batchNorm";
      /** share of the newest batch in the running moments; 0.1 by default, as in PyTorch */
      readonly momentum?: number;
      /** 1e-5 by default */
      readonly epsilon?: number;
    })
  | (Named & { readonly type: "relu" | "tanh" | "sigmoid" | "flatten" })
  | (Named & {
      readonly type: "softmax";
      /** axis of one sample, 0 by default (channels or features) */
      readonly axis?: number;
    })
  | (Named & {
      readonly type: "normalisedRelu";
      /** added to each value before dividing by the map's sum; 1e-10 by default */
      readonly epsilon?: number;
    })
  | (Sliding & { readonly type: "maxPool" | "averagePool" })
  | (Named & { readonly type: "dropout"; readonly rate: number })
  | (Joining & { readonly type: "concat" | "add" })
  | (Named & { readonly type: "reshape"; readonly shape: readonly number[] });

/** A layer of one type. */
export type LayerOf<T extends Layer["type"]> = Extract<Layer, { readonly type: T }>;

/** A network: inputs with the shape of one sample, and layers; the last layer is the output. */
export interface Network {
  readonly name: string;
  /** shape of one sample of each input, without the batch: (c, h, w) or (features) */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly layers: readonly Layer[];
}
