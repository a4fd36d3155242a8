/** What a block gives, as the reference tells of it. */
export interface BlockOutputs {
  /** By name: of which type it is, and what it says. What has another id than the block is named in full. */
  outputs: Readonly<Record<string, readonly [type: string, text: string]>>;
  /** Templates of tasks behind the example of the block, and what they give. */
  examples: readonly (readonly [template: string, text: string])[];
}

const ofEach = [["{{ outputs.shape['2'].value }}", "shape 2"]] as const;

const ofLoopUntil = {
  iterationCount: ["whole number", "How often its tasks have run; where a maximum ended it, one more."],
} as const;

/** The outputs of blocks that have some, or of what stands in them, by the last part of their types. */
export const blockOutputs: Readonly<Record<string, BlockOutputs>> = {
  If: {
    outputs: { evaluationResult: ["boolean", "Whether the condition was true."] },
    examples: [["{{ outputs.example.evaluationResult }}", "true"]],
  },
  Switch: {
    outputs: {
      value: ["text", "The value, rendered."],
      defaults: ["boolean", "Whether no case was there for it."],
    },
    examples: [["{{ outputs.example.value }} {{ outputs.example.defaults }}", "Ada false"]],
  },
  ForEach: { outputs: {}, examples: ofEach },
  EachSequential: { outputs: {}, examples: ofEach },
  EachParallel: { outputs: {}, examples: ofEach },
  Loop: {
    outputs: {
      iterationCount: ["whole number", "How many values there are."],
      runningIterations: ["whole number", "How many iterations have not ended; 0 when the Loop has."],
      terminatedIterations: ["map", "How many iterations have ended, by state."],
      outputs: [
        "list of map",
        "Where the Loop has `outputs`: of each iteration, in the order of the values, its `item` (`value`, `iteration` from 0, over a map `key`) and its `outputs`. " +
          "Where these are stored they are the `uri` of a file.",
      ],
      uri: ["text", "The file whose lines it goes through, where it does."],
    },
    examples: [
      ["{{ outputs.example.terminatedIterations.SUCCESS }}", "2"],
      ["{{ loopOutputs(outputs.example.outputs, 'twice') }}", "[2,4]"],
      ["{{ outputs.example.outputs[0].item.value }}", "1"],
      ["{{ outputs.shape['2'].value }}", "shape 2"],
    ],
  },
  LoopUntil: {
    outputs: ofLoopUntil,
    examples: [["{{ outputs.example.iterationCount }}", "1"]],
  },
  WaitFor: { outputs: ofLoopUntil, examples: [] },
  WorkingDirectory: {
    outputs: { outputFiles: ["map", "The URIs of the stored files, by name, where it has `outputFiles`."] },
    examples: [["{{ read(outputs.example.outputFiles['hello.txt']) }}", "Hello"]],
  },
  Pause: {
    outputs: {
      onResume: [
        "map",
        "What whoever resumed it has given, by the ids of the inputs; not there where its time was over.",
      ],
      resumed: [
        "map",
        "Who resumed it (`by`; null where its time was over), when (`on`), and the state that it went on `to`.",
      ],
    },
    examples: [["{{ outputs.example.onResume.reason }} {{ outputs.example.resumed.to }}", "seen SUCCESS"]],
  },
  Subflow: {
    outputs: {
      executionId: ["text", "The execution that was started."],
      state: ["text", "Its state at its end; `CREATED` where the task does not wait."],
      outputs: [
        "map",
        "What it has given; where its flow gives nothing, what the `outputs` of the task make of it.",
      ],
    },
    examples: [["{{ outputs.example.state }}", "SUCCESS"]],
  },
  ForEachItem: {
    outputs: {
      "example_split.splits": ["text", "The URI of a file with the URI of each batch on a line."],
      "example_items.numberOfBatches": ["whole number", "How many batches there are."],
      "example_items.iterations": ["map", "How many of the executions are in which state."],
      "example_items.subflowOutputsBaseUri": ["text", "Where the outputs of the executions are kept."],
      "example_merge.subflowOutputs": [
        "text",
        "The URI of an Ion file with the outputs of each execution on a line, in the order of the batches; left out where the flow has none.",
      ],
    },
    examples: [
      ["{{ outputs.example_items.numberOfBatches }} {{ outputs.example_items.iterations.SUCCESS }}", "1 1"],
    ],
  },
};
