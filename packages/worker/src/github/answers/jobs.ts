import { z } from "zod";

export const JobList = z.object({
  jobs: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      status: z.string(),
      conclusion: z.string().nullable(),
      html_url: z.string().nullish(),
      steps: z.array(z.object({ name: z.string(), conclusion: z.string().nullable() })).nullish(),
    }),
  ),
});

export type Job = z.output<typeof JobList>["jobs"][number];

export const Annotations = z.array(
  z.object({
    path: z.string().nullish(),
    start_line: z.int().nullish(),
    annotation_level: z.string().nullish(),
    title: z.string().nullish(),
    message: z.string().nullish(),
  }),
);
