package org.isoflop.harness.config;

/** The hyperparameter rules a configuration may name; the plan knows their formulas. */
public enum Rule {
  /** This project's own study of small budgets, joined to Porian et al. where theirs begins. */
  AUTO,
  /** Porian et al. 2024 (arXiv 2406.19146). */
  PORIAN,
  /** DeepSeek LLM 2024 (arXiv 2401.02954). */
  DEEPSEEK,
  /** Step Law 2025 (arXiv 2503.04715). */
  STEPLAW
}
