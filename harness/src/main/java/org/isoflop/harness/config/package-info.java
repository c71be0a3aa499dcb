/**
 * A sweep's configuration: the records that hold it, the YAML that spells it, and the one line a
 * user gets where it is wrong.
 *
 * <p>Owns keys, defaults and ranges; {@code configs/smoke.yaml} documents each where it stands.
 * What the values lead to is the plan's business. Uses the models' enumerations and the root.
 */
package org.isoflop.harness.config;
