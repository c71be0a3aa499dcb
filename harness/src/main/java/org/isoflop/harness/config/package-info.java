/**
 * A sweep's configuration: the records that hold it, the YAML that spells it, and the one line a
 * user gets where it is wrong.
 *
 * <p>Owns keys with their words, defaults and ranges, and what of them needs numbers alone: the
 * schedules, and the published rules of learning rate and batch. A section is a record; its
 * components are its keys, their meaning stands at them ({@link org.isoflop.harness.config.Words}),
 * its defaults are its constant {@code DEFAULT}, and its constructor refuses what is out of range.
 * A key that may be several things has a {@code read} that tells them apart. The schema and {@code
 * configs/smoke.yaml} are written from the records. What values lead to otherwise is the plan's
 * business. Uses the models' enumerations and shapes, the names of the tokenizers, and the root.
 */
package org.isoflop.harness.config;
