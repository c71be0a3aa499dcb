package org.isoflop.harness.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a key of the configuration, or one of its choices, means to a user. {@code
 * configs/smoke.yaml}, {@code isoflop init} and the schema that editors show have these words.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE, ElementType.FIELD})
@interface Words {

  /**
   * Returns the words; a line break in them begins a line of a comment. For {@code {formats}} and
   * {@code {tokenizers}} stand the formats and the tokenizers there are, each in its own words.
   */
  String value();

  /** Returns an example in YAML, of a key that a configuration need not have. */
  String example() default "";
}
