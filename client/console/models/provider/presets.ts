import type { Provider } from '#protocol/models/provider'

export interface Preset {
  name: string
  provider_type: Provider['provider_type']
  /** Empty where the server knows it. */
  api_base_url: string
  /** What such a model is called, for instance. */
  model: string
}

/** Hosts whose address nobody should have to look up. */
export const presets: readonly Preset[] = [
  { name: 'OpenAI', provider_type: 'openai', api_base_url: '', model: 'gpt-4o-mini' },
  { name: 'Anthropic', provider_type: 'anthropic', api_base_url: '', model: 'claude-haiku-4-5' },
  {
    name: 'DeepSeek',
    provider_type: 'custom',
    api_base_url: 'https://api.deepseek.com/v1',
    model: 'deepseek-chat',
  },
  {
    name: 'Qwen',
    provider_type: 'custom',
    api_base_url: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
    model: 'qwen-plus',
  },
  {
    name: 'Moonshot',
    provider_type: 'custom',
    api_base_url: 'https://api.moonshot.cn/v1',
    model: 'kimi-latest',
  },
  {
    name: 'GLM',
    provider_type: 'custom',
    api_base_url: 'https://open.bigmodel.cn/api/paas/v4',
    model: 'glm-4-flash',
  },
  {
    name: 'OpenRouter',
    provider_type: 'custom',
    api_base_url: 'https://openrouter.ai/api/v1',
    model: 'openai/gpt-4o-mini',
  },
  { name: 'Azure OpenAI', provider_type: 'azure', api_base_url: 'https://….openai.azure.com', model: '' },
  { name: 'Ollama', provider_type: 'ollama', api_base_url: '', model: 'llama3.2' },
  { name: 'vLLM', provider_type: 'custom', api_base_url: 'http://127.0.0.1:8000/v1', model: '' },
  { name: 'LM Studio', provider_type: 'custom', api_base_url: 'http://127.0.0.1:1234/v1', model: '' },
  { name: 'llama.cpp', provider_type: 'custom', api_base_url: 'http://127.0.0.1:8080/v1', model: '' },
]
