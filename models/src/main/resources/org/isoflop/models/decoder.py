# The decoder and its training step: everything the device computes, and all the state it keeps.
#
# This is TorchScript, in the form PyTorch itself writes into a saved model; TorchScriptArchive.java
# packs it as it stands and DecoderProgram.java calls its methods. It reads as PyTorch does, but:
#   - every operator stands under torch, by its ATen name (torch.linear, torch.embedding);
#   - a method says the types of what is not a Tensor;
#   - dtypes are numbers: 4 is int64, 6 is float32, 7 is float64, 15 is bfloat16.
#
# Java decides the rest and hands it in as data: initial weights, the windows of text that make up a
# batch, and the learning rate of each step.
#
# Shapes stand at the end of a name, in nanodo's manner:
#   B sequences of a pass   T positions   D width   H heads   K head size   V vocabulary
#   S steps of one call   M sequences of one step, of which B go through the decoder at once
#   G groups of weights
#   T1 tokens of a window, T + 1: all but the last are inputs, all but the first are targets
#   P positions of a pass, B * T, of which C go through the head at once


class Decoder(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # The decoder.
  layers : int
  heads : int
  context : int
  swiglu : bool
  rmsnorm : bool
  qk_norm : bool
  tied : bool
  compute_dtype : int
  attention_dtype : int
  attention_scale : float
  residual_scale : float
  logit_scale : float
  pass_sequences : int
  chunk_positions : int

  # AdamW.
  beta1 : float
  beta2 : float
  clip_norm : float
  # Weights come in groups: which one each is of, and what a group has of the settings that not all
  # share. Its learning rates come with each call.
  groups : List[int]
  epsilons : List[float]
  decays : List[float]

  # State. The weights in order: embedding; per layer qkv, attention output, mlp up (gate first, where
  # gated), mlp down; head, unless tied. All are float32 [out, in] matrices, so all of them decay.
  weights : List[Tensor]
  exp_avg : List[Tensor]
  exp_avg_sq : List[Tensor]
  steps : List[Tensor]
  rotary : List[Tensor]

  # ---- forward ----

  def norm(self, x):
    shape = [torch.size(x, -1)]
    if self.rmsnorm:
      y = torch.rms_norm(x, shape, None, 1e-5)
    else:
      y = torch.layer_norm(x, shape, None, None, 1e-5)
    return y

  # Rotary positions: turns dimension i and i + K/2 of each head by an angle that grows with position.
  def rotate(self, x_BxTx2xHxK):
    cos, sin = self.rotary
    swapped = torch.roll(x_BxTx2xHxK, torch.size(x_BxTx2xHxK, -1) // 2, -1)
    return torch.addcmul(x_BxTx2xHxK * cos, swapped, sin)

  def attention(self, x_BxTxD, w_qkv, w_out):
    B, T, D = torch.size(x_BxTxD)
    qkv = torch.linear(x_BxTxD, w_qkv).view([B, T, 3, self.heads, D // self.heads])
    qk, v = torch.split_with_sizes(qkv.to(self.attention_dtype), [2, 1], 2)
    if self.qk_norm:
      qk = self.norm(qk)
    q, k = torch.unbind(self.rotate(qk), 2)
    y_BxHxTxK = torch.scaled_dot_product_attention(
        q.transpose(1, 2), k.transpose(1, 2), torch.squeeze(v, 2).transpose(1, 2), is_causal=True,
        scale=self.attention_scale)
    y_BxTxD = y_BxHxTxK.transpose(1, 2).reshape([B, T, D])
    return torch.linear(y_BxTxD.to(x_BxTxD.dtype), w_out)

  def mlp(self, x_BxTxD, w_up, w_down):
    hidden = torch.linear(x_BxTxD, w_up)
    if self.swiglu:
      gate, up = torch.chunk(hidden, 2, -1)
      hidden = torch.silu(gate) * up
    else:
      hidden = torch.gelu(hidden)
    return torch.linear(hidden, w_down)

  # What the head is applied to, at every position of a pass, and what should come out. Windows come
  # as int32 and are widened here, a pass at a time.
  def hidden(self, windows_BxT1) -> Tuple[Tensor, Tensor]:
    wide_BxT1 = windows_BxT1.to(4)
    tokens_BxT = torch.slice(wide_BxT1, 1, 0, self.context)
    targets_BxT = torch.slice(wide_BxT1, 1, 1)
    w = [weight.to(self.compute_dtype) for weight in self.weights[1:1 + 4 * self.layers]]
    # Looked up in float32, or the gradients of all places of a token would be summed in bfloat16,
    # where what is small beside the sum so far is lost.
    x_BxTxD = self.norm(torch.embedding(self.weights[0], tokens_BxT).to(self.compute_dtype))
    for layer in range(self.layers):
      i = 4 * layer
      mixed_BxTxD = self.attention(self.norm(x_BxTxD), w[i], w[i + 1])
      x_BxTxD = torch.add(x_BxTxD, mixed_BxTxD, alpha=self.residual_scale)
      made_BxTxD = self.mlp(self.norm(x_BxTxD), w[i + 2], w[i + 3])
      x_BxTxD = torch.add(x_BxTxD, made_BxTxD, alpha=self.residual_scale)
    x_BxTxD = self.norm(x_BxTxD)
    if self.logit_scale != 1.:
      x_BxTxD = x_BxTxD * self.logit_scale  # cheaper here than on logits
    return torch.flatten(x_BxTxD, 0, 1), torch.flatten(targets_BxT)

  def head(self):
    weight_VxD = self.weights[0] if self.tied else self.weights[-1]
    return weight_VxD.detach().to(self.compute_dtype)

  # What goes through the head at once, as even as it can be: with a large vocabulary the logits of
  # a whole pass, their log-softmax and its gradient would take more memory than all else together.
  def chunks(self, x) -> List[Tensor]:
    most = self.chunk_positions
    return torch.tensor_split(x, (torch.size(x, 0) + most - 1) // most)

  # Mean cross-entropy in nats.
  def loss(self, hidden_CxD, head_VxD, targets_C):
    return torch.cross_entropy_loss(torch.linear(hidden_CxD, head_VxD).to(6), targets_C)

  # What goes through the decoder at once: as few parts as its memory allows, as even as they can be.
  def passes(self, windows_MxT1):
    most = self.pass_sequences
    return torch.tensor_split(windows_MxT1, (torch.size(windows_MxT1, 0) + most - 1) // most)

  # ---- the training step ----

  # Loss and gradients of one step's batch: the mean over its positions.
  def loss_and_gradients(self, windows_MxT1) -> Tuple[Tensor, List[Tensor]]:
    positions = torch.size(windows_MxT1, 0) * self.context
    losses = annotate(List[Tensor], [])
    gradients = annotate(List[Tensor], [])
    for windows_BxT1 in self.passes(windows_MxT1):
      part = self.pass_gradients(windows_BxT1, positions, losses)
      if torch.len(gradients) == 0:
        gradients = part
      else:
        torch._foreach_add_(gradients, part)
    return torch.sum(torch.stack(losses)), gradients

  # A pass's part in the gradients of a batch of so many positions; adds its part in the loss to a
  # list. Each chunk of the head goes forward and back before the next, what it says of the hidden
  # positions is kept, and then all of them go back through the decoder together.
  def pass_gradients(self, windows_BxT1, positions: int, losses: List[Tensor]) -> List[Tensor]:
    torch.set_grad_enabled(True)
    hidden_PxD, targets_P = self.hidden(windows_BxT1)
    head = self.head().requires_grad_(True)
    to_hidden = annotate(List[Tensor], [])
    to_head = annotate(List[Tensor], [])
    for hidden_CxD, targets_C in zip(self.chunks(hidden_PxD.detach()), self.chunks(targets_P)):
      leaf = hidden_CxD.requires_grad_(True)
      loss = self.loss(leaf, head, targets_C) * (torch.size(targets_C, 0) / positions)
      losses.append(loss.detach())
      both = [unchecked_cast(Tensor, g) for g in torch.autograd.grad([loss], [leaf, head])]
      to_hidden.append(both[0])
      if torch.len(to_head) == 0:
        to_head = [both[1].to(6)]
      else:
        torch._foreach_add_(to_head, both[1:])
    body = self.weights if self.tied else self.weights[:-1]
    outer = annotate(List[Optional[Tensor]], [torch.cat(to_hidden)])
    part = [unchecked_cast(Tensor, g) for g in torch.autograd.grad([hidden_PxD], body, outer)]
    torch.set_grad_enabled(False)
    if self.tied:
      part[0].add_(to_head[0])
    else:
      part.append(to_head[0])
    return part

  # Scales the gradients down to the clip norm, all by one factor; returns their norm before.
  def clip(self, gradients: List[Tensor]):
    norm = torch.norm(torch.stack(torch._foreach_norm(gradients, 2)), 2)
    scale = self.clip_norm * torch.reciprocal(norm + 1e-6)
    torch._foreach_mul_(gradients, torch.clamp(scale, None, 1.))
    return norm

  # What is of the weights of one group.
  def of_group(self, tensors: List[Tensor], group: int) -> List[Tensor]:
    part = annotate(List[Tensor], [])
    for tensor, its in zip(tensors, self.groups):
      if its == group:
        part.append(tensor)
    return part

  def update(self, gradients: List[Tensor], learning_rates_G):
    torch._foreach_add_(self.steps, 1)
    for group in range(torch.len(self.epsilons)):
      torch._fused_adamw_(
          self.of_group(self.weights, group), self.of_group(gradients, group),
          self.of_group(self.exp_avg, group), self.of_group(self.exp_avg_sq, group),
          annotate(List[Tensor], []), self.of_group(self.steps, group),
          lr=learning_rates_G[group], beta1=self.beta1, beta2=self.beta2,
          eps=self.epsilons[group], weight_decay=self.decays[group], amsgrad=False,
          maximize=False)
    return learning_rates_G

  # ---- what Java calls ----

  # Trains S steps without waiting for the device; returns each step's loss and gradient norm.
  def train(self, windows_SxMxT1, learning_rates_SxG) -> Tuple[Tensor, Tensor]:
    losses = annotate(List[Tensor], [])
    norms = annotate(List[Tensor], [])
    for step in range(torch.size(windows_SxMxT1, 0)):
      loss, gradients = self.loss_and_gradients(windows_SxMxT1[step])
      norms.append(self.clip(gradients))
      losses.append(loss)
      self.update(gradients, learning_rates_SxG[step])
    return torch.stack(losses), torch.stack(norms)

  # Loss summed over the windows of one pass.
  def evaluate(self, windows_BxT1):
    torch.set_grad_enabled(False)
    hidden_PxD, targets_P = self.hidden(windows_BxT1)
    head = self.head()
    losses = annotate(List[Tensor], [])
    for hidden_CxD, targets_C in zip(self.chunks(hidden_PxD), self.chunks(targets_P)):
      windows = torch.size(targets_C, 0) / self.context
      losses.append(self.loss(hidden_CxD, head, targets_C) * windows)
    return torch.sum(torch.stack(losses))

  # One step's loss and gradients, the weights untouched; for tests.
  def gradients(self, windows_MxT1) -> List[Tensor]:
    loss, gradients = self.loss_and_gradients(windows_MxT1)
    return [loss] + gradients

  # Takes weights, first and second moments, and the step count, all as state() hands them out.
  def set_state(
      self, weights: List[Tensor], exp_avg: List[Tensor], exp_avg_sq: List[Tensor], step):
    device = weights[0].device
    self.weights = [weight.clone().requires_grad_(True) for weight in weights]
    self.exp_avg = [moment.clone() for moment in exp_avg]
    self.exp_avg_sq = [moment.clone() for moment in exp_avg_sq]
    self.steps = [step.to(6).clone() for weight in weights]

    # cos and sin for every position, for q and k of every head, the sign of the swap in sin.
    H = self.heads
    K = torch.size(weights[0], 1) // H
    exponents = torch.arange(0, K, 2, dtype=7, device=device) / K
    frequencies = torch.reciprocal(torch.pow(10000., exponents))
    angles = torch.outer(torch.arange(self.context, dtype=7, device=device), frequencies)
    angles_Tx1x1xK = torch.cat([torch.neg(angles), angles], -1).view([self.context, 1, 1, K])
    angles_Tx2xHxK = angles_Tx1x1xK.expand([self.context, 2, H, K])
    self.rotary = [
        torch.cos(angles_Tx2xHxK).to(self.attention_dtype).contiguous(),
        torch.sin(angles_Tx2xHxK).to(self.attention_dtype).contiguous()]
    return step

  # Hands out weights, first moments, second moments, and the step count.
  def state(self, unused) -> List[Tensor]:
    return [t.detach() for t in self.weights] + self.exp_avg + self.exp_avg_sq + [self.steps[0]]
