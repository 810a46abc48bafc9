import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

export interface Service {
  environment?: Record<string, string>
  secrets?: string[]
  ports?: string[]
  deploy?: { replicas: number }
  stop_grace_period?: string
}

/** What compose.yaml says, as far as the tests look at it. */
export interface Compose {
  services: Record<'parley' | 'balancer' | 'database' | 'redis', Service>
  secrets: Record<string, { file: string }>
  configs: { balancer: { content: string } }
}

export function readCompose(): Compose {
  return parse(readFileSync('compose.yaml', 'utf8'))
}

/** The balancer's configuration with processes of this machine in the place of containers. */
export function balancerConfig({ port, nodes }: { port: number; nodes: number[] }): string {
  const servers = nodes.map((node, index) => `server node${index} 127.0.0.1:${node}`)
  return readCompose()
    .configs.balancer.content.replace('bind :8080', `bind 127.0.0.1:${port}`)
    .replace(/server-template .*/, servers.join('\n  '))
}
