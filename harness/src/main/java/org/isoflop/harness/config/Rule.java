package org.isoflop.harness.config;

/** The published hyperparameter rules a configuration may name; the plan knows their formulas. */
public enum Rule {
  /** Porian et al. 2024 (arXiv 2406.19146). */
  PORIAN,
  /** DeepSeek LLM 2024 (arXiv 2401.02954). */
  DEEPSEEK,
  /** Step Law 2025 (arXiv 2503.04715). */
  STEPLAW
}
