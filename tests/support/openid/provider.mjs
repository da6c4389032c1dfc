// A certified OpenID provider (npm: oidc-provider) for the tests, on a free port of this machine.
// argv: JSON of { client, secret, redirect, accounts: { subject: { email, email_verified } } }. Its end of stdin is its end.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const wanted = JSON.parse(process.argv[2]);
const key = (kid) => ({
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
  kid, use: 'sig', alg: 'RS256',
});
const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: wanted.client,
    client_secret: wanted.secret,
    redirect_uris: [wanted.redirect],
    grant_types: ['authorization_code'],
    response_types: ['code'],
  }],
  jwks: { keys: [key('first')] },
  cookies: { keys: ['only for tests'] },
  claims: { acr: null, amr: null, auth_time: null, iss: null, sid: null, openid: ['sub'], email: ['email', 'email_verified'] },
  acrValues: ['two-steps'],
  conformIdTokenClaims: wanted.conform ?? true,
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false }, claimsParameter: { enabled: true } },
  interactions: { url: (ctx, interaction) => `/who/${interaction.uid}` },
  ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
  findAccount: (ctx, sub) => wanted.accounts[sub] && ({
    accountId: sub,
    claims: () => ({ sub, ...wanted.accounts[sub] }),
  }),
  // Whoever signs in here has agreed to our one client already.
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid email');
    await grant.save();
    return grant;
  },
});

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return new URLSearchParams(Buffer.concat(parts).toString());
}

const handle = provider.callback();
server.on('request', async (request, response) => {
  if (!request.url.startsWith('/who/')) return handle(request, response);
  if (request.method === 'GET') {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    return response.end(
      '<!doctype html><title>Provider</title><form method="post"><label>Account <input name="account"></label>'
      + '<label>Methods <input name="amr"></label><label>Class <input name="acr"></label>'
      + '<button>Sign in</button><button name="abort" value="yes">Refuse</button></form>',
    );
  }
  const form = await body(request);
  const result = form.get('abort')
    ? { error: 'access_denied', error_description: 'refused at the provider' }
    : { login: {
        accountId: form.get('account'),
        amr: (form.get('amr') || '').split(' ').filter(Boolean),
        ...(form.get('acr') && { acr: form.get('acr') }),
      } };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
});

process.stdin.on('end', () => process.exit(0)).resume();
console.log(issuer);
