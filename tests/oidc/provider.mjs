// A real OpenID Connect provider. It has no identity assurance of its own, so `claims()` filters
// what is asked for. Interactions end by themselves: whoever `person` names has consented.
// Run by tests/oidc/test_real_provider.py: node provider.mjs PORT REDIRECT_URI
import http from 'node:http';
import Provider from 'oidc-provider';

const [port, redirectUri] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const vouched = (framework, level, days, sector) => ({
  verification: {
    trust_framework: framework,
    assurance_level: level,
    time: new Date(Date.now() - days * 86_400_000).toISOString(),
  },
  claims: {
    sector_id: sector,
    given_name: 'Alice',
    national_id: `N-${sector}`,
    birthdate: '1990-01-01',
  },
});
const people = {
  numberless: vouched('test_framework', 'high', 10, 'sector-numberless'),
  alice: vouched('test_framework', 'high', 10, 'sector-alice'),
  weak: vouched('test_framework', 'low', 10, 'sector-weak'),
  stale: vouched('test_framework', 'high', 4000, 'sector-stale'),
  unlisted: vouched('other_framework', 'high', 10, 'sector-unlisted'),
};
delete people.numberless.claims.national_id;
let person = 'alice';

function attested(asked, entry) {
  const framework = asked?.verification?.trust_framework?.value;
  if (!asked || framework !== entry.verification.trust_framework) return undefined;
  const names = Object.keys(asked.claims ?? {}).filter((name) => name in entry.claims);
  const claims = Object.fromEntries(names.map((name) => [name, entry.claims[name]]));
  return { verification: entry.verification, claims };
}

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'gentie',
    client_secret: 'secret-of-the-test',
    redirect_uris: [redirectUri],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'client_secret_basic',
    subject_type: 'pairwise',
  }],
  subjectTypes: ['pairwise', 'public'],
  pairwiseIdentifier: (ctx, account, client) => `pairwise-${account}-${client.clientId}`,
  claims: { openid: ['sub'], verified_claims: null },
  features: { claimsParameter: { enabled: true }, devInteractions: { enabled: false } },
  discovery: { verified_claims_supported: true },
  pkce: { required: () => true },
  cookies: { keys: ['only for the test'] },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: async (ctx, id) => ({
    accountId: id,
    claims: async (use, scope, asked) => ({
      sub: id,
      verified_claims: attested(asked?.verified_claims, people[id]),
    }),
  }),
});

async function consent(request, response) {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  let result = { login: { accountId: person } };
  if (prompt.name !== 'login') {
    const grant = grantId
      ? await provider.Grant.find(grantId)
      : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    if (prompt.details.missingOIDCScope) grant.addOIDCScope(prompt.details.missingOIDCScope.join(' '));
    if (prompt.details.missingOIDCClaims) grant.addOIDCClaims(prompt.details.missingOIDCClaims);
    result = { consent: { grantId: await grant.save() } };
  }
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

http.createServer((request, response) => {
  const url = new URL(request.url, issuer);
  if (url.pathname === '/be') {
    person = url.searchParams.get('person');
    response.end();
  } else if (url.pathname.startsWith('/interaction/')) {
    consent(request, response);
  } else {
    provider.callback()(request, response);
  }
}).listen(Number(port), '127.0.0.1', () => console.log('ready'));
